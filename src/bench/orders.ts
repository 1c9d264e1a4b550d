import type { Corpus } from './mails.js';

const RECORDS = 100_000;
const RECORD_BYTES = 36;
const STOCKS = ['AAPL    ', 'MSFT    ', 'GOOG    ', 'AMZN    ', 'NVDA    ', 'BRK.B   '];

/**
 * Add Order messages as an exchange sends them, made up from a fixed seed: a price walk for each stock, round lots more often
 * than not, both sides.
 * @see Nasdaq TotalView-ITCH 5.0, section 1.3.1 (Add Order, no MPID attribution)
 */
export function makeOrders(count = RECORDS): Corpus {
  let state = 1;
  const below = (limit: number): number => {
    // A linear congruential generator will do: nothing here hangs on the quality of the numbers.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const prices = STOCKS.map(() => 50_000 + below(5_000_000));
  let timestamp = 34_199_000_000_000;
  const messages = Array.from({ length: count }, (_, i) => {
    const record = new Uint8Array(RECORD_BYTES);
    const view = new DataView(record.buffer);
    const stock = below(STOCKS.length);
    const price = Math.max(100, (prices[stock] as number) + 100 * (below(41) - 20));
    prices[stock] = price;
    timestamp += below(50_000);
    record[0] = 0x41;
    view.setUint16(1, stock);
    view.setUint16(5, Math.floor(timestamp / 2 ** 32));
    view.setUint32(7, timestamp % 2 ** 32);
    view.setBigUint64(11, BigInt(i));
    record[19] = below(2) === 0 ? 0x42 : 0x53;
    view.setUint32(20, below(4) === 0 ? 1 + below(20_000) : 100 * (1 + below(100)));
    record.set(Buffer.from(STOCKS[stock] as string, 'latin1'), 24);
    view.setUint32(32, price);
    return record;
  });
  return {
    name: 'made-up Add Order messages',
    sizeName: 'order',
    messages,
    sizeBytes: count * RECORD_BYTES,
    isSpam: [],
  };
}
