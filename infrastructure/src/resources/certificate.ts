import {
  type CertificatePlaces,
  makeFirstCertificates,
  obtainCertificate,
  readCertificate,
  readFirstCertificates,
} from '../commands/certificate.ts';
import type { Resource } from './resource.ts';

export const FIRST_CERTIFICATES = 'certificates for nobody';

/** What nginx starts with, before any authority was asked. */
export function firstCertificates(nobody: string, used: string, after: readonly string[]): Resource {
  return {
    id: FIRST_CERTIFICATES,
    class: 'safe',
    after,
    reads: [readFirstCertificates(nobody, used)],
    compare: ([found]) => {
      const rows = (found?.stdout ?? '').trim().split('\n');
      if (rows.length === 2 && rows.every((row) => row === '600|root')) return undefined;
      return {
        lines: [{ sign: '+', text: 'made here, to start with' }],
        commands: [makeFirstCertificates(nobody, used)],
      };
    },
  };
}

/** A certificate as its machine tells of it; moments in seconds since 1970. */
export interface CertificateState {
  /** Of what nginx reads. */
  serial: string;
  /** Serial number of what an authority gave last. */
  obtained: string;
  issuer: string;
  start: number;
  until: number;
  /** Who was asked for it, and for which domains; empty where nobody was. */
  authority: string;
  domains: readonly string[];
  /** Serial number that a handshake shows; empty where there was none. */
  served: string;
  /** The machine's own clock. */
  now: number;
  /** How the last run of its unit ended, in systemd's words. */
  result: string;
}

export function certificateState(text: string): CertificateState {
  const word = (name: string) => new RegExp(`^${name}=(.*)$`, 'im').exec(text)?.[1] ?? '';
  const [authority = '', ...domains] = word('from').split(' ');
  return {
    ...{
      serial: word('serial'),
      obtained: word('obtained'),
      issuer: word('issuer'),
      served: word('served'),
      result: word('Result'),
    },
    ...{ start: Number(word('start')), until: Number(word('until')), now: Number(word('now')) },
    ...{ authority, domains },
  };
}

export interface CertificateWanted {
  domains: readonly string[];
  /** ACME directories (RFC 8555); the next is asked where one fails. */
  authorities: readonly string[];
}

/** A certificate is due when a third of its life is left, however long that is. */
export const isDue = ({ start, until, now }: Pick<CertificateState, 'start' | 'until' | 'now'>): boolean =>
  (until - now) * 3 <= until - start;

/** What is wrong with a certificate; nothing where all is well. */
export function certificateFaults(state: CertificateState, wanted: CertificateWanted): string[] {
  if (state.authority === '') return [`none yet for ${wanted.domains.join(', ')}`];
  const faults = [
    state.domains.join(' ') !== wanted.domains.join(' ') &&
      `for ${state.domains.join(', ')} → ${wanted.domains.join(', ')}`,
    !wanted.authorities.includes(state.authority) &&
      `by ${state.authority} → ${wanted.authorities.join(' or ')}`,
    isDue(state) && `ends on ${new Date(state.until * 1000).toISOString()}, and is due`,
    state.serial !== state.obtained && `on disk is ${state.serial || 'none'} → ${state.obtained}`,
    state.served !== state.serial && `served is ${state.served || 'none'} → ${state.serial}`,
  ];
  return faults.filter((fault) => fault !== false);
}

/** The certificate of these domains, got from an authority and seen to be served. */
export function certificate(
  wanted: CertificateWanted,
  places: CertificatePlaces,
  after: readonly string[],
): Resource {
  return {
    id: `certificate ${places.domain}`,
    class: 'restart',
    after,
    reads: [readCertificate(places)],
    compare: ([found]) => {
      const faults = certificateFaults(certificateState(found?.stdout ?? ''), wanted);
      if (faults.length === 0) return undefined;
      return { lines: faults.map((text) => ({ sign: '~', text })), commands: [obtainCertificate] };
    },
  };
}
