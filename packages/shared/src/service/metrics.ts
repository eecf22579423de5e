import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

export interface Metrics {
  registry: Registry;
  /** Seconds of each request by route template, method and status class. */
  observeRequest: (route: string, method: string, status: number, seconds: number) => void;
}

/** Prometheus metrics of one service; the route template bounds the number of series. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of the request to the last of the answer',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60],
    registers: [registry],
  });
  return {
    registry,
    observeRequest: (route, method, status, seconds) => {
      requests.labels(route, method, `${Math.floor(status / 100)}xx`).observe(seconds);
    },
  };
}
