import type { Ministra } from '../../ministra/ministra.ts';
import type { Service } from '../../store/services.ts';
import type { Store } from '../../store/store.ts';
import type { Resource } from './request.ts';
import { flagText } from './views.ts';

/** SERVICES_PACKAGE: what can be sold, and what is in it. */
export function servicesPackage({ fleet }: Ministra): Resource {
  const { store } = fleet;
  return {
    get: ({ identifiers }) =>
      store.services
        .all()
        .filter(({ number }) => identifiers.length === 0 || identifiers.includes(String(number)))
        .map((service) => ({ ...viewService(service), services: servicesIn(store, service) })),
  };
}

/** A services package as TARIFFS and SERVICES_PACKAGE show it. */
export function viewService(service: Service) {
  return {
    id: String(service.number),
    external_id: service.externalId,
    name: service.name,
    type: service.type,
    description: service.description,
    all_services: flagText(service.allServices),
    service_type: service.serviceType,
    rent_duration: String(service.rentDuration),
    price: service.price,
  };
}

/** `all`, or what is in it: the channels of a package by name, for other types what was written down. */
function servicesIn(store: Store, service: Service): unknown {
  if (service.allServices) return 'all';
  if (service.package === null) return service.services;
  const channels = store.packages.get(service.package)?.channels ?? [];
  return channels
    .flatMap(({ id }) => store.channels.get(id) ?? [])
    .map(({ id, name }) => ({ id: String(store.portalNumbers.of(id)), name }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
