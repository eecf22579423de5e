import type { KeptMcpServer } from '@smart-ai-hub/shared/contracts';
import { describe, expect, it } from 'vitest';
import { checkFields } from './check-fields.ts';
import { ruleFields, serverFields, transportOf, typedTransport } from './server-fields.ts';

const NEW = { ...typedTransport(undefined), url: ' https://a.example/mcp ' };
const TYPED = { name: 'a', era: 'auto', timeoutMs: '1000', maxResultBytes: '1024', perPerson: 'on' };
const LIMITS = { maxMemoryMb: 512, maxChildren: 8, idleSeconds: 300 };

describe('a server', () => {
  it('over HTTP is what was typed; headers that nobody typed are not said', () => {
    expect(serverFields.parse({ ...TYPED, transport: transportOf(NEW) })).toEqual({
      ...{ name: 'a', era: 'auto', timeoutMs: 1000, maxResultBytes: 1024, perPerson: true },
      transport: { type: 'http', url: 'https://a.example/mcp' },
    });
    const secrets = [{ key: '1', name: ' x ', value: ' v ' }];
    expect(transportOf({ ...NEW, secrets })).toMatchObject({ headers: [{ name: 'x', value: 'v' }] });
  });

  it('over stdio has an argument a line, and is read back as it was', () => {
    const transport = { type: 'stdio', command: 'a', args: ['-b', 'c d'], ...LIMITS } as const;
    const shown = { transport: { ...transport, envNames: ['T'] } } as unknown as KeptMcpServer;
    expect(transportOf(typedTransport(shown))).toEqual(transport);
    const secrets = [{ key: '1', name: 'T', value: 'v' }];
    expect(transportOf({ ...typedTransport(shown), secrets })).toMatchObject({
      env: [{ name: 'T', value: 'v' }],
    });
  });

  it.each([
    [{ name: '' }, { name: { key: 'required' } }],
    [{ name: 'Two Words' }, { name: { key: 'invalid' } }],
    [{ timeoutMs: '' }, { timeoutMs: { key: 'invalid' } }],
    [{ maxResultBytes: '1' }, { maxResultBytes: { key: 'invalid' } }],
    [{ transport: transportOf({ ...NEW, url: 'a' }) }, { transport: { key: 'invalid' } }],
    [
      { transport: transportOf({ ...NEW, type: 'stdio', command: '../a' }) },
      { transport: { key: 'invalid' } },
    ],
  ])('%j is a mistake', (typed, mistakes) => {
    const values = { ...TYPED, transport: transportOf(NEW), ...typed };
    expect(checkFields(serverFields, values)).toEqual({ ok: false, mistakes });
  });
});

describe('the rules of a tool', () => {
  const typed = { permission: 'tools:use', roles: [], confirmAboveMicro: '' };

  it('are nothing where nothing was chosen', () => {
    expect(ruleFields.parse(typed)).toEqual({
      ...{ permission: 'tools:use', roles: null, openToGuests: false, confirm: false },
      confirmAboveMicro: null,
    });
  });

  it('are what was chosen', () => {
    const chosen = { roles: ['admin'], openToGuests: 'on', confirm: 'on', confirmAboveMicro: '0.5' };
    expect(ruleFields.parse({ ...typed, ...chosen })).toEqual({
      ...{ permission: 'tools:use', roles: ['admin'], openToGuests: true, confirm: true },
      confirmAboveMicro: 500_000,
    });
  });
});
