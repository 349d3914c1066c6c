/** The metadata of a chunk. */

export function Attributes({ attributes }: { attributes: unknown }) {
  const all = Object.entries((attributes ?? {}) as Record<string, unknown>);
  return (
    <dl className="knowledge-attributes">
      {all.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{typeof value === "string" ? value : JSON.stringify(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
