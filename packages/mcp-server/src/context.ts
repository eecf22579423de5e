import type { Ledger } from './metering/ledger.ts';
import type { PriceList } from './metering/price-list.ts';
import type { Catalogue } from './providers/catalogue.ts';

/** What every verb of this service stands on. */
export interface McpDeps {
  catalogue: Catalogue;
  priceOf: PriceList;
  ledger: Ledger;
  /** Milliseconds that a provider may still talk after its caller went away. */
  drainTimeout: number;
}
