export * from './announced.ts';
export * from './audit.ts';
export * from './client.ts';
export * from './errors.ts';
export * from './jobs.ts';
export * from './pool-budget.ts';
export * from './transaction.ts';
