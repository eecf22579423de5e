import { settings as gatewaySettings } from '@smart-ai-hub/api-gateway/config';
import { commonSettings, fields, setting } from '@smart-ai-hub/shared/service';
import { z } from 'zod';

/** What the one-process platform needs to know itself; everything else goes to its services unchanged. */
export const settings = {
  environment: commonSettings.environment,
  logLevel: commonSettings.logLevel,
  host: commonSettings.host,
  port: gatewaySettings.port,
  dataDir: setting(
    'HUB_DATA_DIR',
    z.string().min(1).default('data'),
    'Folder of the one-process platform: its database and its secrets',
  ),
};

const postgres = fields.secretUrl('postgres:', 'postgresql:');

/** The migrator reads the services' addresses for the passwords that it gives their roles. */
export const migrateSettings = {
  migrator: setting(
    'MIGRATOR_DATABASE_URL',
    postgres,
    'PostgreSQL as the owner of the database, with CREATEROLE',
  ),
  auth: setting('AUTH_DATABASE_URL', postgres, 'PostgreSQL as hub_auth'),
  core: setting('CORE_DATABASE_URL', postgres, 'PostgreSQL as hub_core'),
};
