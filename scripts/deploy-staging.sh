#!/bin/sh
# The pipeline's step of the specification: what can be deployed so far is the machine, as hub.config.yaml describes it.
cd "$(dirname "$0")/.." && exec npx hubctl apply staging "$@"
