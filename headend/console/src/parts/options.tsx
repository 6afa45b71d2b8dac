/** The options of a choice. What an address names is among them, though nothing has it now. */
export function Options(props: { of: readonly (readonly [value: string, says: string])[]; value: string }) {
  const { of: options, value } = props;
  const isKnown = value === '' || options.some(([id]) => id === value);
  return (
    <>
      {[...options, ...(isKnown ? [] : [[value, value] as const])].map(([id, says]) => (
        <option key={id} value={id}>
          {says}
        </option>
      ))}
    </>
  );
}
