import { start } from '@smart-ai-hub/shared/service';
import { build } from './build.ts';
import { settings } from './config.ts';

await start('api-gateway', settings, build);
