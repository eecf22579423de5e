import type { Ledger } from './metering/ledger.ts';
import type { PriceList } from './metering/price-list.ts';
import type { TokenLimit } from './metering/token-limit.ts';
import type { Catalogue } from './providers/catalogue.ts';

/** What every verb of this service stands on. */
export interface McpDeps {
  catalogue: Catalogue;
  priceOf: PriceList;
  ledger: Ledger;
  tokenLimit: TokenLimit;
  /** Milliseconds that a provider may still talk after its caller went away. */
  drainTimeout: number;
}
