import { daemonReload } from '../commands/systemd.ts';
import { file } from '../resources/file.ts';
import type { Resource } from '../resources/resource.ts';
import { systemUser, userId } from '../resources/user.ts';
import { template } from './template.ts';

/** Who the services run as, and whom their secrets are for. */
const SERVICE_USER = 'hub';
export const SERVICE_USER_ID = userId(SERVICE_USER);
const SLOTS = '/opt/smart-ai-hub/slots';
const UNIT_FILE = '/etc/systemd/system/hub-release@.service';

/** What starts a release at boot, once a deploy has put one into a slot and enabled the slot’s unit. */
export function pm2(after: readonly string[]): Resource[] {
  return [
    systemUser(SERVICE_USER),
    file({
      path: UNIT_FILE,
      content: template('systemd/hub-release@.service', { SLOTS, USER: SERVICE_USER }),
      ...{ after: [...after, SERVICE_USER_ID], then: [daemonReload] },
    }),
  ];
}
