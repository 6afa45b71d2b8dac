import { MinistraError } from '../../ministra/errors.ts';
import { resolve } from '../../ministra/identifiers.ts';
import type { Ministra } from '../../ministra/ministra.ts';
import { give, mayHave, optionalServices, takeAway } from '../../ministra/plans.ts';
import type { Box } from '../../store/boxes.ts';
import type { Service } from '../../store/services.ts';
import type { Form } from './form.ts';
import { namedBoxes, type Resource, type RestRequest, requireFields, requireIdentifier } from './request.ts';

/** ACCOUNT_SUBSCRIPTION: the optional packages of accounts. A change is carried out whole or not at all. */
export function accountSubscription({ fleet }: Ministra): Resource {
  const { store } = fleet;

  function find(request: RestRequest): Box[] {
    if (resolve(store, request.identifiers, 'account').unknown.length > 0) throw new MinistraError('Account not found');
    return namedBoxes(store, request);
  }

  /** What a form names, by external or internal id; the empty name, which is how a list is emptied, is none. */
  function servicesIn(form: Form, name: 'subscribed' | 'unsubscribed'): Service[] {
    const external = form.list(name).filter((id) => id !== '');
    const internal = form.list(`${name}_id`).filter((id) => id !== '');
    return [
      ...external.map((id) => store.services.withExternalId(id) ?? unknownPackage(id)),
      ...internal.map(
        (id) => (/^\d{1,15}$/.test(id) ? store.services.get(Number(id)) : undefined) ?? unknownPackage(id),
      ),
    ];
  }

  /** Makes the change that `wanted` says for each box. */
  function change(boxes: readonly Box[], wanted: (box: string) => { given: Service[]; taken: Service[] }): true {
    fleet.lineups.during(
      () => boxes.map(({ id }) => id),
      () => {
        for (const { id } of boxes) {
          const { given, taken } = wanted(id);
          for (const service of taken) takeAway(store, id, service);
          for (const service of given) {
            if (!mayHave(store, id, service)) {
              throw new MinistraError(`Package "${service.externalId}" is not optional in the tariff plan`);
            }
            give(store, id, service);
          }
        }
      },
    );
    return true;
  }

  return {
    get: (request) =>
      find(request).map((box) => {
        const optional = optionalServices(store, box.id);
        return {
          mac: box.mac ?? '',
          subscribed: optional.map(({ externalId }) => externalId),
          subscribed_id: optional.map(({ number }) => String(number)),
        };
      }),

    create(request) {
      requireFields(request, ['subscribed', 'subscribed_id']);
      requireIdentifier(request, { single: true });
      const boxes = find(request);
      const given = servicesIn(request.form, 'subscribed');
      return change(boxes, (box) => ({ given, taken: optionalServices(store, box).filter(isNoneOf(given)) }));
    },

    update(request) {
      requireFields(request, ['subscribed', 'subscribed_id', 'unsubscribed', 'unsubscribed_id']);
      requireIdentifier(request, { single: true });
      const boxes = find(request);
      const given = servicesIn(request.form, 'subscribed');
      const named = servicesIn(request.form, 'unsubscribed');
      return change(boxes, (box) => {
        const isNotOptional = isNoneOf(optionalServices(store, box));
        return { given, taken: named.filter((service) => !isNotOptional(service)) };
      });
    },

    delete(request) {
      requireIdentifier(request, { single: true });
      return change(find(request), (box) => ({ given: [], taken: optionalServices(store, box) }));
    },
  };
}

function isNoneOf(services: readonly Service[]): (service: Service) => boolean {
  const numbers = new Set(services.map(({ number }) => number));
  return ({ number }) => !numbers.has(number);
}

function unknownPackage(id: string): never {
  throw new MinistraError(`Package "${id.slice(0, 64)}" not found`, false);
}
