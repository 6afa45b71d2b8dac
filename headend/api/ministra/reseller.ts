import { headendLimits } from '../../limits.ts';
import { MinistraError } from '../../ministra/errors.ts';
import type { Ministra } from '../../ministra/ministra.ts';
import { toDateTime } from '../../ministra/times.ts';
import type { Reseller } from '../../store/resellers.ts';
import type { Form } from './form.ts';
import { type Resource, type RestRequest, readFlag, readNumber, requireFields, requireIdentifier } from './request.ts';
import { flagText } from './views.ts';

const fields = ['name', 'max_users', 'use_ip_ranges'];

/** RESELLER: customers that sell to customers of their own. */
export function reseller({ fleet, settings }: Ministra): Resource {
  const { store } = fleet;

  function find({ identifiers }: RestRequest): Reseller {
    const id = identifiers[0] ?? '';
    const found = /^\d{1,15}$/.test(id) ? store.resellers.get(Number(id)) : undefined;
    if (found === undefined) throw new MinistraError('Reseller not found');
    return found;
  }

  const view = ({ number, name, createdAt, modifiedAt, maxUsers, useIpRanges }: Reseller) => ({
    id: String(number),
    name,
    created: toDateTime(createdAt, settings.timezone),
    modified: toDateTime(modifiedAt, settings.timezone),
    max_users: String(maxUsers),
    use_ip_ranges: flagText(useIpRanges),
  });

  return {
    get: ({ identifiers }) =>
      store.resellers
        .all()
        .filter(({ number }) => identifiers.length === 0 || identifiers.includes(String(number)))
        .map(view),

    create(request) {
      const { form } = request;
      requireFields(request, fields);
      const name = readName(form);
      const terms = { maxUsers: readNumber(form, 'max_users'), useIpRanges: readFlag(form, 'use_ip_ranges') };
      store.transaction(() => {
        const { id: customer } = store.customers.create({
          name,
          features: ['IPTVBUSINESS', 'IPTVPRIVATE'],
          parent: null,
        });
        store.resellers.create({ customer, ...terms }, Date.now());
      });
      return true;
    },

    update(request) {
      const { form } = request;
      requireFields(request, fields);
      requireIdentifier(request, { single: true });
      const found = find(request);
      const name = form.has('name') ? readName(form) : found.name;
      const terms = {
        number: found.number,
        maxUsers: form.has('max_users') ? readNumber(form, 'max_users') : found.maxUsers,
        useIpRanges: form.has('use_ip_ranges') ? readFlag(form, 'use_ip_ranges') : found.useIpRanges,
      };
      store.transaction(() => {
        const customer = store.customers.get(found.customer);
        if (customer !== undefined) store.customers.update({ ...customer, name });
        store.resellers.update(terms, Date.now());
      });
      return true;
    },

    /** The customer behind it goes too, where nothing else is its own. */
    delete(request) {
      requireIdentifier(request, { single: true });
      const { number, customer } = find(request);
      if (store.customers.tree(customer).length > 1 || store.boxes.hasAny(customer)) {
        throw new MinistraError('Reseller has users');
      }
      store.transaction(() => {
        store.resellers.remove(number);
        if (!store.customers.isUsed(customer)) store.customers.remove(customer);
      });
      return true;
    },
  };
}

function readName(form: Form): string {
  const name = form.text('name').trim();
  if (name === '') throw new MinistraError('Name required');
  if (name.length > headendLimits.nameLength) throw new MinistraError('Not valid name');
  return name;
}
