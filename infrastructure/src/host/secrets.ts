import { daemonReload, restart } from '../commands/systemd.ts';
import { file, fileId } from '../resources/file.ts';
import type { Resource } from '../resources/resource.ts';
import {
  AGE_IDENTITY,
  ageIdentity,
  type Delivery,
  openSecrets,
  SEALED_SECRETS,
  sealedSecrets,
} from '../resources/secrets.ts';
import { service } from '../resources/service.ts';
import { template } from './template.ts';

const IDENTITY = '/etc/smart-ai-hub/age/identity';
const SEALED = '/etc/smart-ai-hub/secrets';
const LIST = '/etc/smart-ai-hub/secrets.list';
const SCRIPT = '/usr/local/lib/smart-ai-hub/open-secrets';
const OPEN = '/run/smart-ai-hub/secrets';
const UNIT = 'hub-secrets.service';
const UNIT_FILE = `/etc/systemd/system/${UNIT}`;

/**
 * What services may know: on disk for the machine's own identity alone, in memory for the user of the service, opened
 * at each boot before they start.
 */
export function hostSecrets(deliveries: readonly Delivery[], after: readonly string[]): Resource[] {
  const list = deliveries
    .map(({ service: name, user, name: secret }) => `${name} ${user} ${secret}\n`)
    .join('');
  const unit = template('systemd/hub-secrets.service', { SCRIPT, IDENTITY, SEALED, LIST, OPEN });
  return [
    ageIdentity(IDENTITY, after),
    sealedSecrets(deliveries, { identity: IDENTITY, folder: SEALED }, [AGE_IDENTITY]),
    file({ path: LIST, content: list, after }),
    file({ path: SCRIPT, content: template('secrets/open-secrets'), mode: '0755', after }),
    file({ path: UNIT_FILE, content: unit, after, then: [daemonReload] }),
    service(UNIT, [SEALED_SECRETS, fileId(LIST), fileId(SCRIPT), fileId(UNIT_FILE)]),
    openSecrets(deliveries, { open: restart(UNIT), folder: OPEN }, [`service ${UNIT}`]),
  ];
}
