import pg from 'pg';

/** Passwords of the roles that log in; hub_readonly cannot until somebody gives it one. */
export interface RolePasswords {
  auth: string;
  core: string;
}

/** Another database's migrator made or changed the same role at this moment: advisory locks end at the database. */
const COLLISIONS = new Set(['42710', '23505', 'XX000']);
const ATTEMPTS = 10;

/**
 * Makes the roles that migrations grant rights to, and sets the services' passwords. Needs CREATEROLE. Roles
 * belong to the whole server: what an operator gave hub_readonly stays.
 */
export async function ensureRoles(client: pg.Client, passwords: RolePasswords): Promise<void> {
  await ensureRole(client, 'hub_readonly');
  await ensureRole(client, 'hub_auth', passwords.auth);
  await ensureRole(client, 'hub_core', passwords.core);
}

async function ensureRole(client: pg.Client, role: string, password?: string): Promise<void> {
  const login = password === undefined ? 'NOLOGIN' : `LOGIN PASSWORD ${pg.escapeLiteral(password)}`;
  for (let attempt = 1; ; attempt++) {
    try {
      const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
      if (rowCount && password === undefined) return;
      await client.query(`${rowCount ? 'ALTER' : 'CREATE'} ROLE ${pg.escapeIdentifier(role)} ${login}`);
      return;
    } catch (error) {
      const isCollision = error instanceof pg.DatabaseError && COLLISIONS.has(error.code ?? '');
      if (attempt === ATTEMPTS || !isCollision) throw error;
    }
  }
}
