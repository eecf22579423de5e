import { oauthContract } from '@smart-ai-hub/shared/contracts';
import type { Person } from './person.ts';

/** Where people think the hub is: what it answers must hold for this address, wherever it listens. */
export const PUBLIC_URL = 'https://hub.test';

interface Cookie {
  name: string;
  value: string;
  path: string;
  attributes: string;
}

export interface Page {
  status: number;
  /** Where it sends the browser, if anywhere. */
  location: URL | undefined;
  text: string;
}

/** What a browser does for OAuth: it keeps cookies by path, and goes where it is told, one step at a time. */
export class Browser {
  readonly #url: string;
  readonly cookies = new Map<string, Cookie>();

  constructor(url: string) {
    this.#url = url;
  }

  /** The same browser, where the hub listens elsewhere now. */
  at(url: string): Browser {
    const moved = new Browser(url);
    for (const [key, cookie] of this.cookies) moved.cookies.set(key, cookie);
    return moved;
  }

  /** Opens an address of the hub, as people see it. */
  async open(address: string | URL, init: RequestInit = {}): Promise<Page> {
    const { pathname, search } = new URL(address, PUBLIC_URL);
    const headers = new Headers({ accept: 'text/html', ...Object.fromEntries(new Headers(init.headers)) });
    headers.set('cookie', this.#cookiesFor(pathname));
    const answer = await fetch(this.#url + pathname + search, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) this.#keep(line, pathname);
    const location = answer.headers.get('location');
    return {
      status: answer.status,
      location: location === null ? undefined : new URL(location, PUBLIC_URL),
      text: await answer.text(),
    };
  }

  /** The page asks the hub's API as the person who is signed in there. */
  async ask(method: 'GET' | 'POST', path: string, { accessToken }: Person, body?: object) {
    const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
    const page = await this.open(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return { status: page.status, body: JSON.parse(page.text || '{}') as unknown };
  }

  /** The whole way of consent, from a client's address back to the client. */
  async consent(address: string | URL, person: Person, approve = true): Promise<URL> {
    const path = interactionPath(await this.open(address));
    const { body } = await this.ask('POST', path, person, { approve });
    const { redirectTo } = oauthContract.decideInteraction.success.schema.parse(body);
    const { location } = await this.open(redirectTo);
    if (!location) throw new Error('the browser was left alone');
    return location;
  }

  #cookiesFor(pathname: string): string {
    return [...this.cookies.values()]
      .filter(({ path }) => pathname === path || pathname.startsWith(path.replace(/\/?$/, '/')))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  #keep(line: string, pathname: string): void {
    const [pair = '', ...rest] = line.split('; ');
    const attributes = rest.join('; ');
    const path = /path=([^;]+)/i.exec(attributes)?.[1] ?? pathname;
    const [name = '', value = ''] = pair.split(/=(.*)/s, 2);
    if (/expires=Thu, 01 Jan 1970/i.test(attributes)) this.cookies.delete(name + path);
    else this.cookies.set(name + path, { name, value, path, attributes });
  }
}

/** The API address behind the page of consent that a browser was sent to. */
export function interactionPath({ location, status, text }: Page): string {
  const uid = /^\/consent\/([\w-]+)$/.exec(location?.pathname ?? '')?.[1];
  if (uid === undefined || uid === 'problem') {
    throw new Error(`no consent was asked for: ${status} ${location?.href ?? text}`);
  }
  return `/api/v1/auth/interactions/${uid}`;
}
