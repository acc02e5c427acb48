/** The addresses of simulated nodes and of their pods, by the number of the node. */

export const nodeAddress = (index: number): string => `10.89.${Math.floor((index + 1) / 256)}.${(index + 1) % 256}`

/** The first three numbers of the addresses of its pods. */
export const podSubnet = (index: number): string => `10.${index < 256 ? 88 : 100 + (index >> 8)}.${index % 256}`

/** As a node's `podCIDR` says it. */
export const podNetwork = (index: number): string => `${podSubnet(index)}.0/24`

/** So many there are. */
export const POD_NETWORKS = (256 - 100) * 256
