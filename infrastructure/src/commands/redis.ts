import { type Command, script } from './command.ts';

export const REDIS_DATA = '/var/lib/redis';

/** Whether there is a snapshot that no log of writes goes with. */
const READ = `if [ -e "$1/dump.rdb" ] && [ ! -e "$1/appendonlydir" ]; then echo 'snapshot alone'; else echo kept; fi`;

export const readRedisData = script(READ, REDIS_DATA);

/** Lets the server that runs write its log, and waits until that is whole. It ends with 1 where it must not. */
const APPEND = `set -eu
systemctl start redis-server.service
answer=$(redis-cli config set appendonly yes)
[ "$answer" = OK ] || { echo "redis does not let its log be switched on: $answer" >&2; exit 1; }
tries=0
until redis-cli info persistence | tr -d '\\r' | grep -qx 'aof_rewrite_in_progress:0' &&
  redis-cli info persistence | tr -d '\\r' | grep -qx 'aof_rewrite_scheduled:0'; do
  tries=$((tries + 1))
  [ "$tries" -lt 300 ] || { echo 'its log is not written after 300 s' >&2; exit 1; }
  sleep 1
done`;

export const keepAppended: Command = script(APPEND);
