/** Tells elements whether they are on screen, or nearly; one observer for all of a page. */
export interface Visibility {
  observe(element: Element, onChange: (visible: boolean) => void): () => void;
  /** At this moment. */
  isNear(element: Element): boolean;
  dispose(): void;
}

/** CSS pixels: work begins before an element is scrolled into view. */
const margin = 150;

export const createVisibility = (): Visibility => {
  const listeners = new Map<Element, (visible: boolean) => void>();
  const observer = new IntersectionObserver((entries) => entries.forEach(({ target, isIntersecting }) => listeners.get(target)?.(isIntersecting)), {
    rootMargin: `${margin}px`,
  });
  return {
    observe: (element, onChange) => {
      listeners.set(element, onChange);
      observer.observe(element);
      return () => {
        listeners.delete(element);
        observer.unobserve(element);
      };
    },
    isNear: (element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return bottom >= -margin && top <= innerHeight + margin;
    },
    dispose: () => observer.disconnect(),
  };
};
