import { migrate, MigrationError } from '@smart-ai-hub/database/migrate';
import { fields, loadConfig, type Secret, setting } from '@smart-ai-hub/shared/service';

const postgres = fields.secretUrl('postgres:', 'postgresql:');

const config = loadConfig('migrate', {
  migrator: setting(
    'MIGRATOR_DATABASE_URL',
    postgres,
    'PostgreSQL as the owner of the database, with CREATEROLE',
  ),
  auth: setting('AUTH_DATABASE_URL', postgres, 'PostgreSQL as hub_auth'),
  core: setting('CORE_DATABASE_URL', postgres, 'PostgreSQL as hub_core'),
});

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
