import { type Command, script } from './command.ts';

export const CHECK_NGINX: readonly string[] = ['nginx', '-t', '-q'];

/** Whether the site that the package brings is on, and is as the package brought it. */
const STOCK = `stock() {
  [ "$(readlink -f /etc/nginx/sites-enabled/default)" = /etc/nginx/sites-available/default ] || return 1
  sum=$(md5sum </etc/nginx/sites-available/default | cut -c 1-32)
  dpkg-query -W -f '\${Conffiles}\\n' nginx-common | grep -qF "/etc/nginx/sites-available/default $sum"
}`;

const READ = `${STOCK}
command -v nginx >/dev/null || { echo missing; exit 0; }
if stock; then echo stock; else echo own; fi
nginx -T`;

/** `missing`, `stock` or `own`, then all files that nginx reads, each below a line with its name (nginx(8), -T). */
export const readNginx: Command = script(READ);

/** Switches the package’s own site off, and no other of that name. */
export const removeStockSite: Command = script(`${STOCK}
if stock; then rm -f /etc/nginx/sites-enabled/default; fi`);

export const NGINX = 'nginx.service';
