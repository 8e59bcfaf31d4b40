/** Everything that this build knows, under its tags: components, search algorithms, schedulers. A tag is never two things. */
import { catalogue as components } from '@flambe/components/catalogue'
import type { Catalogue } from '@flambe/language'
import { searchCatalogue } from '@flambe/search'

export const catalogue: Catalogue = {
  components: { ...components.components, ...searchCatalogue } as Catalogue['components'],
}
