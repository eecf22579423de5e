/** Version of the platform: what logs, `/health` and the API documents say. A test ties it to package.json. */
export const VERSION = '0.1.0';
