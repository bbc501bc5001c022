/** How a tool reads what it keeps. It writes through `call.write`. */
export { ALWAYS, find, findAll, type Key, type Lookup, query, type Write } from '../core/store/table.ts';
