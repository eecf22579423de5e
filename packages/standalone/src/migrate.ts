import { migrate, MigrationError } from '@smart-ai-hub/database/migrate';
import { loadConfig, type Secret } from '@smart-ai-hub/shared/service';
import { migrateSettings } from './config.ts';

const config = loadConfig('migrate', migrateSettings);

const passwordOf = (url: Secret) => decodeURIComponent(new URL(url.reveal()).password);

try {
  const passwords = { auth: passwordOf(config.auth), core: passwordOf(config.core) };
  const applied = await migrate({ url: config.migrator.reveal(), passwords });
  process.stdout.write(applied.length > 0 ? `applied ${applied.join(', ')}\n` : 'nothing to apply\n');
} catch (error) {
  if (!(error instanceof MigrationError)) throw error;
  process.stderr.write(`migrate: ${error.message}\n`);
  process.exitCode = 1;
}
