import { CERTIFICATE_UNIT, type CertificatePlaces } from '../commands/certificate.ts';
import { daemonReload } from '../commands/systemd.ts';
import type { Environment } from '../config/schema.ts';
import { certificate, type CertificateWanted } from '../resources/certificate.ts';
import { file, fileId } from '../resources/file.ts';
import { folder } from '../resources/folder.ts';
import type { Resource } from '../resources/resource.ts';
import { service } from '../resources/service.ts';
import { EDGE, EDGE_SERVICE } from './edge.ts';
import { template } from './template.ts';

const LIBRARY = '/usr/local/lib/smart-ai-hub';
const UNITS = '/etc/systemd/system';
const SETTINGS = '/etc/smart-ai-hub';
const LIST = `${SETTINGS}/certificate.list`;
const ADDRESSES = `${SETTINGS}/alert.list`;
const OBTAINED = '/var/lib/hub-acme/certificate';
const TIMER = 'hub-certificate.timer';

/** Tells the unit that what there is will not do. */
export const RENEW_NOW = '/run/hub-renew';

/** What a certificate of these domains shall be. */
export const certificateWanted = ({
  domains,
  certificates,
}: Pick<Environment, 'domains' | 'certificates'>): CertificateWanted => ({
  domains,
  authorities: certificates.authorities,
});

/** Where the certificate of these domains is. */
export const certificatePlaces = ([domain = '']: readonly string[]): CertificatePlaces => ({
  used: EDGE.certificate,
  obtained: OBTAINED,
  domain,
  port: Number(EDGE.https),
});

/**
 * A certificate that is renewed by the machine itself, and an alert where it is not; nothing where no authority is named:
 * a machine can be made before its domains lead to it.
 */
export function hostCertificate(environment: Environment, after: readonly string[]): Resource[] {
  const { domains, alerts } = environment;
  const wanted = certificateWanted(environment);
  if (wanted.authorities.length === 0) return [];
  const places = certificatePlaces(domains);
  const list = [domains.join(' '), ...wanted.authorities].map((line) => `${line}\n`).join('');
  const script = (name: string) =>
    file({
      ...{ path: `${LIBRARY}/${name}`, content: template(`certificate/${name}`) },
      ...{ mode: '0755', after },
    });
  const unit = (name: string, values: Readonly<Record<string, string>>) =>
    file({
      ...{ path: `${UNITS}/${name}`, content: template(`systemd/${name}`, values) },
      ...{ after, then: [daemonReload] },
    });
  const SANDBOX = template('systemd/sandbox.conf').trimEnd();
  const resources = [
    // Programs that are not root's read below it what they are allowed to.
    folder(SETTINGS, '0711', 'root', after),
    file({ path: LIST, content: list, after }),
    file({ path: ADDRESSES, content: alerts.webhook ? `${alerts.webhook.url}\n` : '', after }),
    ...['obtain-certificate', 'install-certificate', 'send-alert'].map(script),
    unit('hub-alert@.service', { SANDBOX, ADDRESSES, SEND: `${LIBRARY}/send-alert` }),
    unit(CERTIFICATE_UNIT, {
      ...{ SANDBOX, LIST, OBTAINED, NOW: RENEW_NOW },
      ...{ OBTAIN: `${LIBRARY}/obtain-certificate`, INSTALL: `${LIBRARY}/install-certificate` },
      ...{ CERTIFICATE: places.used, DOMAIN: places.domain, PORT: String(places.port) },
    }),
    unit(TIMER, {}),
  ];
  return [
    ...resources,
    service(TIMER, [fileId(`${UNITS}/${TIMER}`), fileId(`${UNITS}/${CERTIFICATE_UNIT}`)]),
    certificate(wanted, places, [EDGE_SERVICE, ...resources.map(({ id }) => id)]),
  ];
}
