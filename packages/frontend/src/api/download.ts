import type { Exchange } from './exchange.ts';
import { saveFile } from './save-file.ts';

export type Download = (path: string, name: string) => Promise<void>;

/** Saves what the hub answers as a file; a plain link could not carry the access token. */
export const createDownload =
  (exchange: Exchange): Download =>
  async (path, name) => {
    const response = await exchange(path, { method: 'GET', credentials: 'same-origin' });
    saveFile(name, await response.blob());
  };
