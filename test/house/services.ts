import type { Settings } from '@smart-ai-hub/shared/service';
import { settings as gateway } from '../../packages/api-gateway/src/config.ts';
import { settings as auth } from '../../packages/auth-service/src/config.ts';
import { settings as core } from '../../packages/core-service/src/config.ts';
import { settings as mcp } from '../../packages/mcp-server/src/config.ts';
import { migrateSettings as migrate, settings as standalone } from '../../packages/standalone/src/config.ts';

/** The services as the code has them: what every file about their running is compared with. */
export const SERVICES: Record<string, Settings & { port: Settings[string] }> = {
  'api-gateway': gateway,
  'auth-service': auth,
  'core-service': core,
  'mcp-server': mcp,
};

/** Everything that reads the environment. */
export const PROGRAMS: Record<string, Settings> = { ...SERVICES, migrate, standalone };

/** The value of a setting that nobody sets; nothing where it must be set. */
export function defaultOf({ schema }: Settings[string]): { value: unknown } | undefined {
  const parsed = schema.safeParse(undefined);
  return parsed.success ? { value: parsed.data } : undefined;
}

/** The port that a service answers on when nobody says otherwise. */
export function portOf(service: string): unknown {
  const settings = SERVICES[service];
  return settings && defaultOf(settings.port)?.value;
}
