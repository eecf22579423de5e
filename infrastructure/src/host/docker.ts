import { readDockerRules } from '../commands/docker.ts';
import { daemonReload, reloadOrStart, tryRestart } from '../commands/systemd.ts';
import { emptyGroup } from '../resources/empty-group.ts';
import { file, fileId } from '../resources/file.ts';
import { packages } from '../resources/packages.ts';
import type { Resource } from '../resources/resource.ts';
import { service } from '../resources/service.ts';
import { template } from './template.ts';

const DAEMON = '/etc/docker/daemon.json';
const RULES = '/etc/smart-ai-hub/docker.rules';
const FIREWALL_UNIT = 'hub-docker-firewall.service';
const FIREWALL_FILE = `/etc/systemd/system/${FIREWALL_UNIT}`;
const UNIT = 'docker.service';

/** Docker Engine with Compose, shut before it is there: what a container publishes is for this machine alone. */
export function docker(names: readonly string[], after: readonly string[]): Resource[] {
  const installed = ['packages docker'];
  return [
    file({ path: RULES, content: template('docker/rules'), after }),
    file({
      path: FIREWALL_FILE,
      content: template('systemd/hub-docker-firewall.service', { RULES }),
      ...{ after, then: [daemonReload] },
    }),
    service(FIREWALL_UNIT, [fileId(RULES), fileId(FIREWALL_FILE)]),
    rulesInForce([`service ${FIREWALL_UNIT}`]),
    file({
      path: DAEMON,
      content: template('docker/daemon.json'),
      ...{ class: 'restart', after, then: [tryRestart(UNIT)] },
    }),
    packages('docker', names, [fileId(DAEMON), RULES_IN_FORCE]),
    service(UNIT, installed),
    emptyGroup('docker', installed),
  ];
}

const RULES_IN_FORCE = 'firewall docker';
const CHAIN = 'DOCKER-USER';

/** The chain begins with our rules, of both families; Docker adds one of its own at the end. */
function rulesInForce(after: readonly string[]): Resource {
  const shall = rulesIn(template('docker/rules'));
  return {
    id: RULES_IN_FORCE,
    class: 'restart',
    after,
    reads: [readDockerRules],
    compare: ([found]) => {
      const [, four = '', six = ''] = (found?.stdout ?? '').split(/^ip6?tables$/m);
      const wrong = Object.entries({ IPv4: four, IPv6: six }).filter(
        ([, text]) => rulesIn(text).slice(0, shall.length).join('\n') !== shall.join('\n'),
      );
      if (wrong.length === 0) return undefined;
      return {
        lines: wrong.map(([family]) => ({ sign: '~', text: `${CHAIN} of ${family} lets others in → shut` })),
        commands: [reloadOrStart(FIREWALL_UNIT)],
      };
    },
  };
}

const rulesIn = (text: string) => text.split('\n').filter((line) => line.startsWith(`-A ${CHAIN} `));
