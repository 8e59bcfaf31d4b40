/** The internal tree of a block (to be written by the language's author): ConfigNode plus options. */
export type TreeNode = { readonly kind: string }
