import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';

interface Picture {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly mediaType: string;
  /** In words. */
  readonly size: string;
}

/** As a picture nothing in it runs, scripts of an SVG neither. */
export const ImageView = ({ image, label }: { readonly image: Picture; readonly label: string }): JSX.Element => {
  const address = useSignal<string | undefined>(undefined);
  const isBroken = useSignal(false);
  useEffect(() => {
    const url = URL.createObjectURL(new Blob([image.bytes], { type: image.mediaType }));
    address.value = url;
    isBroken.value = false;
    return () => URL.revokeObjectURL(url);
  }, [image]);
  return (
    <figure class="artifact-image">
      {address.value !== undefined && !isBroken.value && <img src={address.value} alt={label} onError={() => (isBroken.value = true)} />}
      <figcaption class="muted">{isBroken.value ? 'The picture is broken, or cut off.' : image.size}</figcaption>
    </figure>
  );
};
