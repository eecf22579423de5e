import pg from 'pg';

/** Passwords of the roles that log in; hub_readonly cannot until somebody gives it one. */
export interface RolePasswords {
  auth: string;
  core: string;
}

/**
 * Makes the roles that migrations grant rights to, and sets the services' passwords. Needs CREATEROLE; runs
 * inside the migrator's lock, since roles belong to the whole server and not to one database.
 */
export async function ensureRoles(client: pg.Client, passwords: RolePasswords): Promise<void> {
  await ensureRole(client, 'hub_readonly', 'NOLOGIN');
  await ensureRole(client, 'hub_auth', `LOGIN PASSWORD ${pg.escapeLiteral(passwords.auth)}`);
  await ensureRole(client, 'hub_core', `LOGIN PASSWORD ${pg.escapeLiteral(passwords.core)}`);
}

async function ensureRole(client: pg.Client, role: string, options: string): Promise<void> {
  const name = pg.escapeIdentifier(role);
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  await client.query(`${rowCount ? 'ALTER' : 'CREATE'} ROLE ${name} ${options}`);
}
