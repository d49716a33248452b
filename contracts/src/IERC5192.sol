// SPDX-License-Identifier: CC0-1.0
pragma solidity ^0.8.37;

/// @title ERC-5192: minimal soulbound NFTs
/// @dev https://eips.ethereum.org/EIPS/eip-5192; its ERC-165 identifier is 0xb45a3c0e.
interface IERC5192 {
    /// @notice Emitted when the locking status is changed to locked.
    /// @param tokenId The identifier of the token.
    event Locked(uint256 tokenId);

    /// @notice Emitted when the locking status is changed to unlocked; tokens that are locked for ever never emit it.
    /// @param tokenId The identifier of the token.
    event Unlocked(uint256 tokenId);

    /// @notice The locking status of a token.
    /// @dev Reverts for a token that does not exist.
    /// @param tokenId The identifier of the token.
    /// @return Whether the token cannot be transferred.
    function locked(uint256 tokenId) external view returns (bool);
}
