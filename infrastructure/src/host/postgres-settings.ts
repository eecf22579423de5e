import { Failure } from '../failure.ts';

/** What PostgreSQL is sized by: bytes of memory, cores, and connections that services may open together. */
export interface Sizing {
  memory: number;
  cores: number;
  budget: number;
}

/** What PostgreSQL keeps for its superuser, and what services leave for migrator, backups and a person who looks. */
const SUPERUSER_CONNECTIONS = 3;
const RESERVE = 5;

/** Megabytes that a connection takes beside what its queries sort in, and the least that they sort in. */
const PROCESS = 4;
const LEAST_WORK = 4;
/** A machine shows less memory than it has, and another kernel some more or less of it; the settings stay. */
export const wholeGigabytes = (bytes: number): number => Math.max(1, Math.round(bytes / 2 ** 30));

/**
 * Settings by memory, cores and the budget of connections, as SHOW prints them. PostgreSQL has half of the machine: a
 * quarter that all share, and a quarter that connections divide. Throws a Failure where that does not hold the budget.
 */
export function postgresSettings({ memory, cores, budget }: Sizing): Record<string, string> {
  const megabytes = wholeGigabytes(memory) * 1024;
  const connections = budget + RESERVE + SUPERUSER_CONNECTIONS;
  const quarter = megabytes / 4;
  refuseOver(connections, quarter);
  const each = Math.floor(quarter / connections);
  return {
    max_connections: String(connections),
    superuser_reserved_connections: String(SUPERUSER_CONNECTIONS),
    // More than this serves large scans, and a hub has none (PostgreSQL’s documentation, 20.4).
    shared_buffers: size(Math.min(quarter, 16_384)),
    effective_cache_size: size(megabytes / 2),
    work_mem: size(between(LEAST_WORK, each - PROCESS, 64)),
    maintenance_work_mem: size(between(64, Math.floor(megabytes / 32), 1024)),
    max_worker_processes: String(Math.max(8, cores)),
    max_parallel_workers: String(Math.max(1, cores)),
    max_parallel_workers_per_gather: String(between(0, Math.floor(cores / 2), 4)),
    max_parallel_maintenance_workers: String(between(1, Math.floor(cores / 2), 4)),
  };
}

function refuseOver(connections: number, megabytes: number): void {
  const most = Math.floor(megabytes / (PROCESS + LEAST_WORK));
  if (connections <= most) return;
  const others = SUPERUSER_CONNECTIONS + RESERVE;
  throw new Failure(
    `a budget of ${connections - others} connections needs more memory than this machine has for PostgreSQL`,
    [`${megabytes} MB hold ${most} connections, ${others} of which are not for services`],
    `Set engines.pools.budget to ${Math.max(0, most - others)} or less, or use a larger machine.`,
  );
}

const between = (least: number, value: number, most: number) => Math.min(most, Math.max(least, value));

/** Megabytes as PostgreSQL prints them: in the largest unit that divides them. */
const size = (megabytes: number) => (megabytes % 1024 === 0 ? `${megabytes / 1024}GB` : `${megabytes}MB`);
