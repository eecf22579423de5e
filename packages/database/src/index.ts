export * from './client.ts';
export * from './errors.ts';
export * from './pool-budget.ts';
export * from './transaction.ts';
