import type { Exchange } from './exchange.ts';

export type Download = (path: string, name: string) => Promise<void>;

/** Saves what the hub answers as a file; a plain link could not carry the access token. */
export const createDownload =
  (exchange: Exchange): Download =>
  async (path, name) => {
    const response = await exchange(path, { method: 'GET', credentials: 'same-origin' });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await response.blob());
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  };
