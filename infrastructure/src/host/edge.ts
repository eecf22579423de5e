import { CHECK_NGINX, NGINX } from '../commands/nginx.ts';
import { reloadIfActive } from '../commands/systemd.ts';
import type { Environment } from '../config/schema.ts';
import { FIRST_CERTIFICATES, firstCertificates } from '../resources/certificate.ts';
import { file, fileId } from '../resources/file.ts';
import { folder, folderId } from '../resources/folder.ts';
import { packages } from '../resources/packages.ts';
import type { Resource } from '../resources/resource.ts';
import { service } from '../resources/service.ts';
import { SITES, sites } from '../resources/sites.ts';
import { template } from './template.ts';

/** Where nginx listens, what it passes on to, and what it reads and writes. */
export interface EdgePlaces {
  /** Ports; a test adds an address before them. */
  http: string;
  https: string;
  gateway: string;
  /** Certificates with their keys: for our domains, and for every other name. */
  certificate: string;
  nobody: string;
  /** What an authority asks for on port 80. */
  challenges: string;
  /** The built frontend. */
  pages: string;
  maintenance: string;
  log: string;
}

const MAINTENANCE = '/usr/local/share/smart-ai-hub';
const LOGS = '/var/log/hub';

/** On a machine of its own. */
export const EDGE: EdgePlaces = {
  ...{ http: '80', https: '443', gateway: '127.0.0.1:3000' },
  certificate: '/etc/smart-ai-hub/tls/hub.pem',
  nobody: '/etc/smart-ai-hub/tls/nobody.pem',
  challenges: '/run/hub-acme',
  pages: '/srv/smart-ai-hub/pages',
  maintenance: MAINTENANCE,
  log: `${LOGS}/nginx.log`,
};

/** The text of nginx's file: what the platform's machines have, and what tests start. */
export function edgeText(
  { domains, limits }: Pick<Environment, 'domains' | 'limits'>,
  places: EdgePlaces = EDGE,
): string {
  const [domain = '', ...others] = domains;
  const tls = template('nginx/tls.conf').trimEnd();
  const headers = template('nginx/headers.conf').trimEnd();
  const shared = {
    ...{ DOMAIN: domain, HTTPS: places.https, CERTIFICATE: places.certificate },
    ...{ TLS: tls, HEADERS: headers, LOG: places.log },
  };
  return template('nginx/hub.conf', {
    ...shared,
    DOMAINS: domains.join(' '),
    OTHERS:
      others.length === 0
        ? ''
        : template('nginx/other-domains.conf', { ...shared, OTHERS: others.join(' ') }),
    ...{ HTTP: places.http, GATEWAY: places.gateway, NOBODY: places.nobody },
    ...{ CHALLENGES: places.challenges, PAGES: places.pages, MAINTENANCE: places.maintenance },
    BODY: String(limits.bodyMegabytes),
    API_RATE: String(limits.api.perSecond),
    API_BURST: String(limits.api.burst),
    SIGN_IN_RATE: String(limits.signIn.perSecond),
    SIGN_IN_BURST: String(limits.signIn.burst),
  });
}

/** Read before every other file of conf.d, so that a name that nobody knows is asked of us. */
const FILE = '/etc/nginx/conf.d/00-hub.conf';
const PAGE = 'hub-maintenance.html';
const PACKAGES = 'packages edge';

export const EDGE_SERVICE = `service ${NGINX}`;

/** nginx with the platform's sites; until there is a release, it shows that the hub is being worked on. */
export function edge(environment: Environment, after: readonly string[]): Resource[] {
  const reload = reloadIfActive(NGINX);
  const page = `${MAINTENANCE}/${PAGE}`;
  return [
    packages('edge', ['certbot', 'curl', 'nginx', 'openssl'], after),
    folder(LOGS, '0755', 'root', [PACKAGES]),
    firstCertificates(EDGE.nobody, EDGE.certificate, [PACKAGES]),
    file({ path: page, content: template(`nginx/${PAGE}`), after }),
    sites({ file: FILE, domains: environment.domains }, [PACKAGES], reload),
    file({
      ...{ path: FILE, content: edgeText(environment), class: 'restart', then: [reload] },
      after: [FIRST_CERTIFICATES, SITES, folderId(LOGS), fileId(page)],
      check: { when: 'after', argv: CHECK_NGINX },
    }),
    service(NGINX, [fileId(FILE)]),
  ];
}
