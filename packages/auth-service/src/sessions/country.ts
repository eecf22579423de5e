import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type CountryResponse, Reader } from 'mmdb-lib';

/** Which country an address was given out in, from the public records of the five registries (CC0). */
const FILE = '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb';

/** Flatter than what MaxMind sells in the same format. */
type Entry = CountryResponse & { country_code?: string };

let reader: Promise<Reader<Entry>> | undefined;

/** Read when somebody first asks: 8 MB that most processes never need. */
async function readRecords(): Promise<Reader<Entry>> {
  return new Reader<Entry>(await readFile(createRequire(import.meta.url).resolve(FILE)));
}

/** The country of an address as its code of ISO 3166-1; nothing for one that is private, or in no record. */
export async function countryOf(address: string): Promise<string | null> {
  reader ??= readRecords();
  return (await reader).get(plain(address))?.country_code ?? null;
}

/** An IPv4 address that came over an IPv6 socket as itself (RFC 4291, 2.5.5.2). */
const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, '');
