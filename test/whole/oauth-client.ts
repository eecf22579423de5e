import * as oauth from 'oauth4webapi';
import { Browser, PUBLIC_URL } from './oauth-browser.ts';
import type { Person } from './person.ts';

/** Where the client of the tests wants its answers. */
export const REDIRECT_URI = 'https://client.example/callback';

/** oauth4webapi reaches the hub where it listens, and believes that it is where people think. */
export const reach =
  (url: string) =>
  (address: string, init: object): Promise<Response> =>
    fetch(address.replace(PUBLIC_URL, url), init);

export interface Tokens {
  access: string;
  refresh: string;
}

/** A client that keeps every rule of the standards, and insists that the hub does. */
export class StandardClient {
  readonly #fetch: (address: string, init: object) => Promise<Response>;
  readonly url: string;
  readonly server: oauth.AuthorizationServer;
  readonly client: oauth.Client;

  private constructor(url: string, server: oauth.AuthorizationServer, client: oauth.Client) {
    this.url = url;
    this.#fetch = reach(url);
    this.server = server;
    this.client = client;
  }

  /** The same client, where the hub listens elsewhere now. */
  at(url: string): StandardClient {
    return new StandardClient(url, this.server, this.client);
  }

  get #options() {
    return { [oauth.customFetch]: this.#fetch };
  }

  /** Finds the hub by the resource that it wants, and introduces itself. */
  static async introduce(
    url: string,
    { resource = '/v1', metadata = {} }: { resource?: '/v1' | '/mcp'; metadata?: Partial<oauth.Client> } = {},
  ): Promise<StandardClient> {
    const options = { [oauth.customFetch]: reach(url) };
    const identifier = new URL(PUBLIC_URL + resource);
    const { authorization_servers: [issuer = ''] = [] } = await oauth.processResourceDiscoveryResponse(
      identifier,
      await oauth.resourceDiscoveryRequest(identifier, options),
    );
    const server = await oauth.processDiscoveryResponse(
      new URL(issuer),
      await oauth.discoveryRequest(new URL(issuer), { ...options, algorithm: 'oauth2' }),
    );
    const wanted = {
      client_name: 'A tool of the tests',
      redirect_uris: [REDIRECT_URI],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
      ...metadata,
    };
    const registered = await oauth.processDynamicClientRegistrationResponse(
      await oauth.dynamicClientRegistrationRequest(server, wanted, options),
    );
    return new StandardClient(url, server, {
      client_id: registered.client_id,
      id_token_signed_response_alg: 'EdDSA',
    });
  }

  /** A new request for consent, and what is needed to use its answer. */
  async request(more: Record<string, string> = {}) {
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const address = new URL(this.server.authorization_endpoint ?? '');
    const parameters = {
      client_id: this.client.client_id,
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      resource: `${PUBLIC_URL}/v1`,
      ...more,
    };
    address.search = new URLSearchParams(parameters).toString();
    return { address, verifier, state, redirectUri: parameters.redirect_uri };
  }

  /** Trades the answer of the hub for tokens; rejects where anything in it is not as it has to be. */
  async redeem(
    answer: URL,
    { verifier, state, redirectUri }: { verifier: string; state: string; redirectUri: string },
    expected: oauth.ProcessAuthorizationCodeResponseOptions = {},
  ): Promise<oauth.TokenEndpointResponse> {
    const parameters = oauth.validateAuthResponse(this.server, this.client, answer, state);
    const response = await oauth.authorizationCodeGrantRequest(
      ...[this.server, this.client, oauth.None(), parameters, redirectUri, verifier],
      this.#options,
    );
    return oauth.processAuthorizationCodeResponse(this.server, this.client, response, expected);
  }

  /** All of it: a person agrees in a browser of their own, and the client has its tokens. */
  async connect(person: Person, more: Record<string, string> = {}): Promise<Tokens> {
    const request = await this.request(more);
    const answer = await new Browser(this.url).consent(request.address, person);
    return tokensOf(await this.redeem(answer, request));
  }

  async refresh(token: string): Promise<Tokens> {
    const response = await oauth.refreshTokenGrantRequest(
      ...[this.server, this.client, oauth.None(), token],
      this.#options,
    );
    return tokensOf(await oauth.processRefreshTokenResponse(this.server, this.client, response));
  }

  async revoke(token: string): Promise<void> {
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(this.server, this.client, oauth.None(), token, this.#options),
    );
  }

  async beginDevice(parameters: Record<string, string>) {
    return oauth.processDeviceAuthorizationResponse(
      this.server,
      this.client,
      await oauth.deviceAuthorizationRequest(
        this.server,
        this.client,
        oauth.None(),
        parameters,
        this.#options,
      ),
    );
  }

  async pollDevice(deviceCode: string): Promise<Tokens> {
    const response = await oauth.deviceCodeGrantRequest(
      ...[this.server, this.client, oauth.None(), deviceCode],
      this.#options,
    );
    return tokensOf(await oauth.processDeviceCodeResponse(this.server, this.client, response));
  }

  /** Uses a resource of the hub; rejects with the challenge where it is refused. */
  call(token: string, path: string): Promise<Response> {
    const address = new URL(PUBLIC_URL + path);
    return oauth.protectedResourceRequest(token, 'GET', address, undefined, undefined, this.#options);
  }
}

const tokensOf = ({
  access_token: access,
  refresh_token: refresh = '',
}: oauth.TokenEndpointResponse): Tokens => ({
  access,
  refresh,
});

/** The `error` of RFC 6749, 5.2 with which an exchange was refused; throws where it was not. */
export async function oauthErrorOf(exchange: Promise<unknown>): Promise<string> {
  const error: unknown = await exchange.then(
    () => new Error('it was not refused'),
    (reason: unknown) => reason,
  );
  if (error instanceof oauth.ResponseBodyError || error instanceof oauth.AuthorizationResponseError) {
    return error.error;
  }
  throw error;
}
