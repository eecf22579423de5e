export * from './database.ts';
export * from './issuer.ts';
export * from './log.ts';
export * from './ports.ts';
export * from './provider.ts';
export * from './thorough.ts';
