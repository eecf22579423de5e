import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** What stays between runs of the tests on guests: the images of our own Docker Engine, and notes. */
export const CACHE = join(homedir(), '.cache/smart-ai-hub/guests');

/** There while an engine of ours runs or may have left something: how the machine was before. */
const NOTE = join(CACHE, 'machine-before.json');
const PID = '/var/run/docker.pid';
const FORWARDING = ['net/ipv4/ip_forward', 'net/ipv6/conf/all/forwarding'];
const BRIDGES = ['docker0', 'hub-guests'];
const TABLES = ['iptables', 'ip6tables'];
/** Rules and chains that Docker made, for its own bridge and that of guests. */
const OURS = /\bDOCKER|\bdocker0\b|\bhub-guests\b|198\.18\.77\.|fd48:5542:77:/;
/** An engine that is asked to end stops its guests first. */
const ENDING_MS = 90_000;

const quietly = { encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] };
const engineAnswers = () => spawnSync('docker', ['info'], { stdio: 'ignore', timeout: 20_000 }).status === 0;
const policyOf = (tool) =>
  /^:FORWARD (\w+)/m.exec(spawnSync(`${tool}-save`, ['-t', 'filter'], quietly).stdout ?? '')?.[1];

/** Notes how the machine is before an engine of ours starts; nothing where Docker is the machine's own. */
export function noteMachine() {
  if (existsSync(NOTE) || engineAnswers() || existsSync(`/sys/class/net/${BRIDGES[0]}`)) return;
  const forwarding = FORWARDING.map((path) => readFileSync(`/proc/sys/${path}`, 'utf8').trim());
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(NOTE, JSON.stringify({ forwarding, policies: TABLES.map(policyOf) }));
}

/**
 * Waits for the end of our engine and removes what Docker leaves on a machine: mounts, bridges, rules of iptables, and
 * forwarding. Does nothing where no engine of ours was started since; throws where it does not end within 90 s.
 */
export async function removeTraces() {
  if (!existsSync(NOTE)) return;
  await engineEnded();
  const { forwarding, policies } = JSON.parse(readFileSync(NOTE, 'utf8'));
  spawnSync('umount', ['--recursive', '--quiet', join(CACHE, 'docker')], { stdio: 'ignore' });
  for (const name of BRIDGES)
    if (existsSync(`/sys/class/net/${name}`)) execFileSync('ip', ['link', 'delete', name]);
  for (const [index, tool] of TABLES.entries()) removeRules(tool, policies[index]);
  for (const [index, path] of FORWARDING.entries()) writeFileSync(`/proc/sys/${path}`, forwarding[index]);
  rmSync(NOTE);
}

async function engineEnded() {
  const end = Date.now() + ENDING_MS;
  const isThere = () => existsSync(PID) && existsSync(`/proc/${readFileSync(PID, 'utf8').trim()}`);
  while (isThere()) {
    if (Date.now() > end) throw new Error(`the Docker Engine of the guests still runs: see ${PID}`);
    await pause(200);
  }
}

/** Everything else stays, with its counters. */
function removeRules(tool, policy) {
  const { status, stdout } = spawnSync(`${tool}-save`, ['-c'], quietly);
  if (status !== 0 || !OURS.test(stdout)) return;
  const kept = stdout
    .split('\n')
    .filter((line) => !OURS.test(line))
    .map((line) => (policy ? line.replace(/^:FORWARD \w+/, `:FORWARD ${policy}`) : line));
  execFileSync(`${tool}-restore`, ['-c'], { input: kept.join('\n') });
}
