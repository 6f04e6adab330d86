import type { CardSpec } from '../../../schemas/compare-layout.ts';
import type { MenuItem } from '../../shared/menu.tsx';
import type { ComparePage } from '../page.ts';
import type { CardTable } from '../plot/scene.ts';
import { readCardContent, readCardTable, type CardContentOut } from './card-content.ts';
import { toCsv, toJson } from './csv.ts';
import { fileName, pictureSize } from './names.ts';
import { toPng, toSvg } from './picture.ts';

type Made = { readonly title: string; readonly data: string | ArrayBuffer };

/** Whatever a card shows, as a file. Pictures show the card; tables hold every point that the stores give at once. */
export const exportItems = (page: ComparePage, spec: CardSpec): readonly MenuItem[] => {
  const item = (kind: string, make: () => Promise<Made>): MenuItem => ({
    label: `Save as ${kind}…`,
    onChoose: () => page.saveFile(async () => make().then(({ title, data }) => ({ name: `${fileName(title)}.${kind.toLowerCase()}`, data }))),
  });
  const size = pictureSize(spec);
  return [
    item('PNG', async () => picture(page, spec, async (content) => toPng(content, size))),
    item('SVG', async () => picture(page, spec, async (content) => toSvg(content, size))),
    item('CSV', async () => table(page, spec, (_, rows) => toCsv(rows))),
    item('JSON', async () => table(page, spec, toJson)),
    'separator',
  ];
};

const picture = async (page: ComparePage, spec: CardSpec, draw: (content: CardContentOut) => Promise<string | ArrayBuffer>): Promise<Made> => {
  const content = await readCardContent(page, spec, pictureSize(spec).width);
  if (content.nothing !== undefined) throw new Error(content.nothing);
  return { title: content.title, data: await draw(content) };
};

const table = async (page: ComparePage, spec: CardSpec, write: (title: string, rows: CardTable) => string): Promise<Made> => {
  const { title, table: rows } = await readCardTable(page, spec);
  return { title, data: write(title, rows) };
};
