import { settings as gatewaySettings } from '@smart-ai-hub/api-gateway/config';
import { commonSettings, setting } from '@smart-ai-hub/shared/service';
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
