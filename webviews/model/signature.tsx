import type { JSX } from 'preact';
import { dataTypeText, tensorText, type DataSchema, type DataType, type ModelSignature } from '../../schemas/model-signature.ts';
import { Section } from './app.tsx';

/** What the model takes and gives, as tables. */
export const SignatureSection = ({ signature }: { readonly signature: ModelSignature | undefined }): JSX.Element => (
  <Section title="Signature">
    {signature === undefined ? (
      <p class="muted">The model has none: what it takes is known to its author only.</p>
    ) : (
      <div class="signature">
        <Schema title="Inputs" schema={signature.inputs} />
        <Schema title="Outputs" schema={signature.outputs} />
        <Params signature={signature} />
      </div>
    )}
  </Section>
);

const Schema = ({ title, schema }: { readonly title: string; readonly schema: DataSchema | undefined }): JSX.Element | null => {
  if (schema === undefined) return null;
  return (
    <table>
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">name</th>
          <th scope="col">type</th>
          <th scope="col">needed</th>
        </tr>
      </thead>
      <tbody>
        {schema.kind === 'columns'
          ? schema.columns.map(({ name, type, isRequired }, index) => (
              <Row key={index} name={name ?? `column ${index + 1}`} type={<TypeCell type={type} />} note={isRequired ? 'yes' : 'optional'} />
            ))
          : schema.tensors.map((tensor, index) => <Row key={index} name={tensor.name ?? 'tensor'} type={tensorText(tensor)} note="yes" />)}
      </tbody>
    </table>
  );
};

const Row = ({ name, type, note }: { readonly name: string | number; readonly type: JSX.Element | string; readonly note: string }): JSX.Element => (
  <tr>
    <th scope="row">{name}</th>
    <td class="code">{type}</td>
    <td class="muted">{note}</td>
  </tr>
);

/** An object's properties are lines of their own. */
const TypeCell = ({ type }: { readonly type: DataType }): JSX.Element => {
  const inner = objectIn(type);
  if (inner === undefined) return <>{dataTypeText(type)}</>;
  return (
    <details>
      <summary>{dataTypeText(type)}</summary>
      <ul class="properties">
        {inner.properties.map(({ name, type: property, isRequired }) => (
          <li key={name}>
            {name}: <TypeCell type={property} /> {!isRequired && <span class="muted">optional</span>}
          </li>
        ))}
      </ul>
    </details>
  );
};

const objectIn = (type: DataType): Extract<DataType, { kind: 'object' }> | undefined => {
  if (type.kind === 'object') return type;
  if (type.kind === 'array') return objectIn(type.items);
  return type.kind === 'map' ? objectIn(type.values) : undefined;
};

const Params = ({ signature: { params } }: { readonly signature: ModelSignature }): JSX.Element | null => {
  if (params.length === 0) return null;
  return (
    <table>
      <caption>Params</caption>
      <thead>
        <tr>
          <th scope="col">name</th>
          <th scope="col">type</th>
          <th scope="col">default</th>
        </tr>
      </thead>
      <tbody>
        {params.map(({ name, type, isList, defaultValue }) => (
          <Row key={name} name={name} type={isList ? `list of ${dataTypeText(type)}` : dataTypeText(type)} note={JSON.stringify(defaultValue)} />
        ))}
      </tbody>
    </table>
  );
};
