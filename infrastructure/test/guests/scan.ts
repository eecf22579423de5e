import { call } from './call.ts';
import type { Address } from './network.ts';

/** For tests that are not about the firewall of a product: all ports cost nmap 10 s of processor and more. */
export const FEW = '1-10000';

/** Open TCP ports as somebody outside sees them, v4 and v6; all 65535 are asked unless nmap's list says less. */
export async function openPorts(
  { v4, v6 }: Address,
  ports = '1-65535',
): Promise<{ v4: number[]; v6: number[] }> {
  const [four, six] = await Promise.all([scan([v4], ports), scan(['-6', v6], ports)]);
  return { v4: four, v6: six };
}

async function scan(target: string[], ports: string): Promise<number[]> {
  // A bridge loses nothing and answers within a millisecond: one question more for each silent port is enough.
  const pace = ['-T5', '--min-rate', '5000', '--max-retries', '1', '--max-rtt-timeout', '100ms'];
  const args = ['-sS', '-Pn', '-n', '-p', ports, ...pace, '--open', '-oG', '-', ...target];
  const table = await call('nmap', args, { timeoutMs: 300_000 });
  return [...table.matchAll(/(\d+)\/open\/tcp/g)].map(([, port]) => Number(port));
}
