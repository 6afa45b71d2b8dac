import { newId } from '../../agent/protocol/id.ts';
import type { Db } from './database.ts';
import { has, type Page, type Paging, page, sought } from './page.ts';

/** A TV or radio channel; of one customer, or of everybody where `customer` is null. */
export type Channel = {
  id: string;
  customer: string | null;
  number: number;
  name: string;
  radio: boolean;
  /** The base stream: unicast or multicast. */
  baseChannel: string | null;
  /** Streams that a box can receive on site, in the order they are tried. */
  locals: string[];
  /** Only the tuner reaches it. */
  dvbOnly: boolean;
  dvb: Record<string, string | number> | null;
  /** What the programme guide calls it. */
  epgId: string | null;
  /** The address of what was broadcast, with `{start}` and `{end}` for seconds since 1970; null where nothing is kept. */
  catchUp: string | null;
};

type Row = Omit<Channel, 'radio' | 'locals' | 'dvbOnly' | 'dvb' | 'baseChannel' | 'epgId' | 'catchUp'> & {
  epg_id: string | null;
  catch_up: string | null;
  radio: number;
  base_channel: string | null;
  locals: string;
  dvb_only: number;
  dvb: string | null;
};

export type Channels = ReturnType<typeof createChannels>;

export function createChannels(db: Db) {
  const insert = db.prepare<[Record<string, unknown>]>(
    `INSERT INTO channels (id, customer, number, name, radio, base_channel, locals, dvb_only, dvb, epg_id, catch_up)
     VALUES (@id, @customer, @number, @name, @radio, @baseChannel, @locals, @dvbOnly, @dvb, @epgId, @catchUp)`,
  );
  const update = db.prepare<[Record<string, unknown>]>(
    `UPDATE channels SET number = @number, name = @name, base_channel = @baseChannel, locals = @locals, dvb_only = @dvbOnly,
       dvb = @dvb, epg_id = @epgId, catch_up = @catchUp WHERE id = @id`,
  );
  const remove = db.prepare<[string]>('DELETE FROM channels WHERE id = ?');
  const removePicture = db.prepare<[string]>('DELETE FROM pictures WHERE owner = ?');
  const byId = db.prepare<[string], Row>('SELECT * FROM channels WHERE id = ?');
  const ofCustomer = db.prepare<[string], Row>(
    'SELECT * FROM channels WHERE customer = ? OR customer IS NULL ORDER BY number, id',
  );

  return {
    create(channel: Omit<Channel, 'id'>): Channel {
      const id = newId();
      insert.run(toColumns({ id, ...channel }));
      return { id, ...channel };
    },
    /** All but its customer and whether it is radio may change. */
    update: (channel: Channel): void => void update.run(toColumns(channel)),
    /** Deletes it, and takes it out of every package. */
    remove: db.transaction((id: string): void => {
      remove.run(id);
      removePicture.run(id);
    }),
    get(id: string): Channel | undefined {
      const row = byId.get(id);
      return row && toChannel(row);
    },
    /** A customer's own channels and everybody's, TV and radio, by number. */
    ofCustomer: (customer: string): Channel[] => ofCustomer.all(customer).map(toChannel),
    list(scope: readonly string[], query: { filter?: string; radio?: boolean }, paging: Paging): Page<Channel> {
      const search = sought(query.filter);
      const found = page<Row>(db, {
        from: 'channels',
        where: [
          '(customer IS NULL OR customer IN (SELECT value FROM json_each(@scope)))',
          query.radio !== undefined && 'radio = @radio',
          search && `(${has('name')} OR CAST(number AS TEXT) = @text)`,
        ],
        order: 'radio, number, id',
        bind: {
          scope: JSON.stringify(scope),
          radio: query.radio ? 1 : 0,
          ...search,
        },
        paging,
      });
      return { total: found.total, items: found.items.map(toChannel) };
    },
  };
}

function toColumns(channel: Channel): Record<string, unknown> {
  return {
    ...channel,
    radio: channel.radio ? 1 : 0,
    dvbOnly: channel.dvbOnly ? 1 : 0,
    locals: JSON.stringify(channel.locals),
    dvb: channel.dvb === null ? null : JSON.stringify(channel.dvb),
  };
}

function toChannel(row: Row): Channel {
  return {
    id: row.id,
    customer: row.customer,
    number: row.number,
    name: row.name,
    radio: row.radio === 1,
    baseChannel: row.base_channel,
    locals: JSON.parse(row.locals),
    dvbOnly: row.dvb_only === 1,
    dvb: row.dvb === null ? null : JSON.parse(row.dvb),
    epgId: row.epg_id,
    catchUp: row.catch_up,
  };
}
