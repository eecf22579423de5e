import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exampleFile } from '../config/annotate.ts';
import { environmentOf, readConfig } from '../config/read.ts';
import { postgresSettings } from './postgres-settings.ts';

const GIGABYTE = 2 ** 30;

/** `2GB` and `64MB` in megabytes. */
const megabytes = (text = '') => Number.parseInt(text, 10) * (text.endsWith('GB') ? 1024 : 1);

const sizing = fc.record({
  memory: fc.integer({ min: 4 * GIGABYTE, max: 512 * GIGABYTE }),
  cores: fc.integer({ min: 1, max: 128 }),
  budget: fc.integer({ min: 5, max: 100 }),
});

describe('settings of PostgreSQL', () => {
  test('a machine as the platform is made for', () => {
    expect(postgresSettings({ memory: 8 * GIGABYTE, cores: 4, budget: 80 })).toEqual({
      max_connections: '88',
      superuser_reserved_connections: '3',
      shared_buffers: '2GB',
      effective_cache_size: '4GB',
      work_mem: '19MB',
      maintenance_work_mem: '256MB',
      max_worker_processes: '8',
      max_parallel_workers: '4',
      max_parallel_workers_per_gather: '2',
      max_parallel_maintenance_workers: '2',
    });
  });

  test('whatever the machine, all connections at once stay within half of it', () => {
    fc.assert(
      fc.property(sizing, (given) => {
        const settings = postgresSettings(given);
        const own = Number(settings['max_connections']) * (megabytes(settings['work_mem']) + 4);
        // A machine with 8 GB shows 7.8: half a gigabyte more is taken for granted.
        const half = (given.memory + GIGABYTE / 2) / 2 ** 20 / 2;
        expect(own + megabytes(settings['shared_buffers'])).toBeLessThanOrEqual(half);
        expect(megabytes(settings['work_mem'])).toBeGreaterThanOrEqual(4);
        expect(Object.values(settings).join(' ')).toMatch(/^(\d+(MB|GB)?( |$))+$/);
      }),
    );
  });

  test('more memory never takes anything away, and some megabytes more change nothing', () => {
    fc.assert(
      fc.property(sizing, fc.integer({ min: 0, max: 64 * GIGABYTE }), (given, more) => {
        const before = postgresSettings(given);
        const after = postgresSettings({ ...given, memory: given.memory + more });
        for (const name of ['shared_buffers', 'work_mem', 'maintenance_work_mem', 'effective_cache_size']) {
          expect(megabytes(after[name])).toBeGreaterThanOrEqual(megabytes(before[name]));
        }
      }),
    );
    const kernels = [8_320_000_000, 8_330_000_000].map((memory) =>
      postgresSettings({ memory, cores: 4, budget: 80 }),
    );
    expect(kernels[0]).toEqual(kernels[1]);
  });

  test('lesson 14: a budget that memory does not hold is refused, with one that it holds', () => {
    const small = { memory: 2 * GIGABYTE, cores: 2 };
    expect(() => postgresSettings({ ...small, budget: 57 })).toThrow('a budget of 57 connections needs more');
    expect(postgresSettings({ ...small, budget: 56 })['max_connections']).toBe('64');
  });
});

/** The services check at their start with figures of their own; both sides must have the same. */
describe('one budget with the services', () => {
  const root = join(import.meta.dirname, '../../..');
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const { pools } = environmentOf(readConfig(exampleFile(), 'example'), 'staging').engines;

  test('its defaults are those of their settings', () => {
    const settings = read('.env.example');
    expect(settings).toContain(`# DATABASE_POOL_BUDGET=${pools.budget}\n`);
    expect(settings).toContain(`# DATABASE_POOL_MAX=${pools.perProcess}\n`);
  });

  test('what is kept from them is what they leave', () => {
    const [, reserve] = /^const RESERVE = (\d+);$/m.exec(read('packages/database/src/pool-budget.ts')) ?? [];
    const settings = postgresSettings({ memory: 8 * GIGABYTE, cores: 4, budget: pools.budget });
    const forServices =
      Number(settings['max_connections']) -
      Number(settings['superuser_reserved_connections']) -
      Number(reserve);
    expect(forServices).toBe(pools.budget);
  });
});
