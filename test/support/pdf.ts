/** What a PDF does besides being looked at, in its own words. */
interface PdfExtras {
  /** Entries of its catalog. */
  readonly catalog?: string;
  /** Entries of each of its pages. */
  readonly page?: string;
}

/** A PDF whose pages have a line each, in one of the fonts that no file has to bring. ASCII only. */
export const pdfOf = (lines: readonly string[], { catalog = '', page = '' }: PdfExtras = {}): string => {
  const firstPage = 4;
  const kids = lines.map((_, index) => `${firstPage + 2 * index} 0 R`);
  return fileOf([
    `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    `<< /Type /Pages /Kids [${kids.join(' ')}] /Count ${lines.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...lines.flatMap((line, index) => pageOf(line, `${firstPage + 2 * index + 1} 0 R`, page)),
  ]);
};

const pageOf = (line: string, contents: string, extras: string): readonly string[] => {
  const drawing = `BT /F1 24 Tf 20 100 Td (${line}) Tj ET`;
  return [
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Resources << /Font << /F1 3 0 R >> >> /Contents ${contents} ${extras} >>`,
    `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`,
  ];
};

/** Objects are numbered from 1 on, and found by where they begin. */
const fileOf = (objects: readonly string[]): string => {
  const offsets: number[] = [];
  let text = '%PDF-1.7\n';
  for (const [index, object] of objects.entries()) {
    offsets.push(text.length);
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  return `${text}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
};
