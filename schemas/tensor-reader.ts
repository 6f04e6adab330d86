import { memberOf, pythonTypeOfJson, type JsonNode, type JsonObject } from './json-reader.ts';
import type { Tensor } from './model-signature.ts';
import type { SignatureProblems } from './signature-problem.ts';

export const readTensor = (object: JsonObject, problems: SignatureProblems): Tensor | undefined => {
  const spec = memberOf(object, 'tensor-spec')?.value;
  if (spec === undefined) {
    return problems.add(
      'tensor-shape',
      object,
      'The key `tensor-spec` is missing.',
      'Missing keys in TensorSpec JSON. Expected to find keys `tensor-spec` and `type`',
    );
  }
  const dtype = spec.kind === 'object' ? memberOf(spec, 'dtype')?.value : undefined;
  const shape = spec.kind === 'object' ? memberOf(spec, 'shape')?.value : undefined;
  if (dtype === undefined || shape === undefined) {
    return problems.add(
      'tensor-shape',
      spec,
      '`tensor-spec` needs `dtype` and `shape`.',
      'Missing keys in TensorSpec JSON. Expected to find keys `dtype` and `shape`',
    );
  }
  const name = memberOf(object, 'name')?.value;
  const lengths = readLengths(shape, problems);
  const type = readDtype(dtype, problems);
  if (lengths === undefined || type === undefined) return undefined;
  return {
    ...(name?.kind === 'string' || name?.kind === 'number' ? { name: name.value } : {}),
    dtype: type,
    shape: lengths,
    start: object.start,
    end: object.end,
  };
};

const readLengths = (node: JsonNode, problems: SignatureProblems): readonly number[] | undefined => {
  if (node.kind !== 'array') {
    return problems.add(
      'tensor-shape',
      node,
      '`shape` is a list of lengths; -1 is any length.',
      `TypeError: '${pythonTypeOfJson(node)}' object is not iterable`,
    );
  }
  return node.items.map((item) => (item.kind === 'number' ? item.value : -1));
};

/** Byte order and size in numpy's short form: `<f8`, `|b1`. */
const shortDtype = /^[<>=|]?(?:[?bBhHiIlLqQpPefdgFDGOSUVMma]|[biufcOSUVMma]\d*|[Mm]8(?:\[\w+\])?)$/;
const longDtype =
  /^(?:bool_?|u?int(?:8|16|32|64|p|c)?|u?(?:long|longlong|short|byte)|float(?:16|32|64|96|128)?|half|single|double|longdouble|complex(?:64|128|192|256)?|str_?|bytes_?|unicode|object_?|void|(?:datetime|timedelta)64(?:\[\w+\])?)$/;

const readDtype = (node: JsonNode, problems: SignatureProblems): string | undefined => {
  const text = node.kind === 'string' ? node.value : '';
  const sized = /^[<>=|]?([US])\d+$/.exec(text)?.[1];
  if (sized !== undefined) {
    const name = sized === 'U' ? 'str' : 'bytes';
    return problems.add(
      'tensor-shape',
      node,
      `MLflow takes no text of a fixed size; write "${name}".`,
      `MLflow does not support size information in flexible numpy data types. Use np.dtype("${name}") instead`,
    );
  }
  if (longDtype.test(text) || shortDtype.test(text)) return text;
  return problems.add('tensor-shape', node, `'${text}' is no data type of numpy.`, `TypeError: data type '${text}' not understood`);
};
