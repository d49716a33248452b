// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IPrescriptionToken} from "../src/IPrescriptionToken.sol";
import {Flaw, Signing, vm} from "./Signing.sol";
import {TokenModel} from "./TokenModel.sol";

/// @title Does at random what anybody can do, and holds what came of it against the model
/// @dev Target of the invariant tests. Much of what it tries must be refused, and enough must be taken.
contract TokenHandler is TokenModel {
    IPrescriptionToken.Issue[] private _issues;
    bytes[] private _issueSignatures;
    IPrescriptionToken.Attestation[] private _attestations;
    bytes[][] private _attestationSignatures;

    constructor() {
        for (uint8 doctor = 2; doctor < 4; ++doctor) license(0, doctor, type(uint16).max - 1, keccak256("a licence"));
    }

    function mint(uint8 who, uint8 id, uint8 holder, uint16 salt, uint16 life) external {
        IPrescriptionToken.Issue memory issue = _issue(id, holder, salt, life, 0);
        address issuer = actor(who);
        bool may = _mayMint(issuer, issue);
        vm.prank(issuer);
        try TOKEN.mint(issue.tokenId, issue.holder, issue.commitment, issue.expires) {
            _compare("a mint", may, true);
            _minted(issuer, issue);
        } catch {
            _compare("a mint", may, false);
        }
    }

    /// @notice Brings what somebody signed, with whatever is wrong with it.
    function bring(uint8 signer, uint8 id, uint8 holder, uint16 salt, uint16 life, uint8 flaw, uint8 delay) external {
        // Mostly a doctor.
        signer = signer % 4 == 0 ? signer : 2 + (signer % 2);
        IPrescriptionToken.Issue memory issue = _issue(id, holder, salt, life, delay);
        Flaw wrong = Signing.flawOf(flaw);
        bytes memory signature = Signing.sign(_key(signer), Signing.issueHash(issue), address(TOKEN), wrong);
        bool twice = salt % 8 == 7;
        bool may = wrong == Flaw.None && issue.deadline >= block.timestamp && !twice && _mayMint(actor(signer), issue);
        (IPrescriptionToken.Issue[] memory issues, bytes[] memory signatures) = _batch(issue, signature, twice ? 2 : 1);
        vm.prank(actor(salt));
        try TOKEN.mintBatch(issues, signatures) {
            _compare("an issue that was signed", may, true);
            _minted(actor(signer), issue);
            _issues.push(issue);
            _issueSignatures.push(signature);
        } catch {
            _compare("an issue that was signed", may, false);
        }
    }

    /// @notice Brings once more what was taken before.
    function replay(uint8 any, bool attestation) external {
        if (attestation && _attestations.length > 0) {
            uint256 which = any % _attestations.length;
            try TOKEN.recordState(_attestations[which], _attestationSignatures[which]) {
                _compare("an attestation of before", false, true);
            } catch {
                _compare("an attestation of before", false, false);
            }
        } else if (_issues.length > 0) {
            uint256 which = any % _issues.length;
            (IPrescriptionToken.Issue[] memory issues, bytes[] memory signatures) = _batch(
                _issues[which],
                _issueSignatures[which],
                1
            );
            try TOKEN.mintBatch(issues, signatures) {
                _compare("an issue of before", false, true);
            } catch {
                _compare("an issue of before", false, false);
            }
        }
    }

    function record(uint8 id, uint8 state, uint8 rise, uint32 signers, uint8 flaw, uint8 delay, bool many) external {
        IPrescriptionToken.Attestation memory attestation = IPrescriptionToken.Attestation({
            tokenId: id % IDS,
            channel: keccak256("care-0"),
            blockHash: bytes32(uint256(rise)),
            state: _state(id % IDS, state),
            version: uint64(rise == 255 ? 2 ** 24 : _versionOf(id % IDS) + (rise % 4)),
            deadline: uint64(block.timestamp) - (delay % 8 == 7 ? 1 : 0)
        });
        uint256[] memory who = _signers(signers);
        Flaw wrong = Signing.flawOf(flaw);
        bytes[] memory signatures = new bytes[](who.length);
        address[] memory accounts = new address[](who.length);
        bytes32 hash = Signing.attestationHash(attestation);
        for (uint256 i = 0; i < who.length; ++i) {
            accounts[i] = actor(who[i]);
            // The flaw is in one of them.
            Flaw own = i == flaw % who.length ? wrong : Flaw.None;
            signatures[i] = Signing.sign(_key(who[i]), hash, address(TOKEN), own);
        }
        bool may = wrong == Flaw.None && _mayRecord(attestation, accounts);
        vm.prank(actor(signers));
        if (_record(attestation, signatures, many)) {
            _compare("an attestation", may, true);
            _recorded(attestation);
            _attestations.push(attestation);
            _attestationSignatures.push(signatures);
        } else {
            _compare("an attestation", may, false);
        }
    }

    function license(uint8 who, uint8 whom, uint16 life, bytes32 hash) public {
        address by = _officer(who, 1);
        // Zero is now, which is refused, as is what does not fit.
        uint64 to = life == type(uint16).max ? 2 ** 40 : uint64(block.timestamp) + uint64(life) * 8;
        bool may = _mayLicense(by, to);
        vm.prank(by);
        try TOKEN.license(actor(whom), hash, to) {
            _compare("a licence", may, true);
            _granted(PRESCRIBER, actor(whom));
            licences[actor(whom)] = Licence(hash, block.timestamp, to);
        } catch {
            _compare("a licence", may, false);
        }
    }

    function appoint(uint8 who, uint8 whom, uint8 what) external {
        bytes32 wanted = role(what);
        address by = _officer(who, wanted == PRESCRIBER ? 1 : 0);
        bool may = _mayAppoint(by, wanted);
        vm.prank(by);
        try TOKEN.grantRole(wanted, actor(whom)) {
            _compare("an appointment", may, true);
            _granted(wanted, actor(whom));
        } catch {
            _compare("an appointment", may, false);
        }
    }

    function dismiss(uint8 who, uint8 whom, uint8 what, bool renounced) external {
        bytes32 wanted = role(what);
        // An admin and a registrar stay, or nothing would be taken any more.
        if (whom % ACTORS < 2) whom += 2;
        address account = actor(whom);
        address by = renounced && who % 2 == 0 ? account : _officer(who, wanted == PRESCRIBER ? 1 : 0);
        bool may = _maySpare(wanted, account) && (renounced ? by == account : _mayAppoint(by, wanted));
        vm.prank(by);
        (bool did, ) = address(TOKEN).call(
            renounced
                ? abi.encodeCall(TOKEN.renounceRole, (wanted, account))
                : abi.encodeCall(TOKEN.revokeRole, (wanted, account))
        );
        _compare("a dismissal", may, did);
        if (did) _taken(wanted, account);
    }

    function setThreshold(uint8 who, uint8 wanted) external {
        address by = _officer(who, 0);
        bool may = _maySetThreshold(by, wanted % 6);
        vm.prank(by);
        try TOKEN.setNotaryThreshold(wanted % 6) {
            _compare("a threshold", may, true);
            threshold = wanted % 6;
        } catch {
            _compare("a threshold", may, false);
        }
    }

    /// @notice Every way to give a token away, by its holder and by others.
    function move(uint8 who, uint8 any, uint8 whom, uint8 way) external {
        uint256 id = any % IDS;
        address holder = _holderOf(id);
        address to = actor(whom);
        bytes[5] memory ways = [
            abi.encodeWithSignature("transferFrom(address,address,uint256)", holder, to, id),
            abi.encodeWithSignature("safeTransferFrom(address,address,uint256)", holder, to, id),
            abi.encodeWithSignature("safeTransferFrom(address,address,uint256,bytes)", holder, to, id, hex"00"),
            abi.encodeWithSignature("approve(address,uint256)", to, id),
            abi.encodeWithSignature("setApprovalForAll(address,bool)", to, true)
        ];
        vm.prank(who % 2 == 0 && holder != address(0) ? holder : actor(who));
        (bool did, ) = address(TOKEN).call(ways[way % 5]);
        _compare("a transfer or an approval", false, did);
    }

    function wait(uint16 time) external {
        vm.warp(block.timestamp + time);
    }

    function _record(
        IPrescriptionToken.Attestation memory attestation,
        bytes[] memory signatures,
        bool many
    ) private returns (bool did) {
        if (!many) {
            (did, ) = address(TOKEN).call(abi.encodeCall(TOKEN.recordState, (attestation, signatures)));
            return did;
        }
        IPrescriptionToken.Attestation[] memory attestations = new IPrescriptionToken.Attestation[](1);
        bytes[][] memory lists = new bytes[][](1);
        (attestations[0], lists[0]) = (attestation, signatures);
        (did, ) = address(TOKEN).call(abi.encodeCall(TOKEN.recordStates, (attestations, lists)));
    }

    function _issue(
        uint8 id,
        uint8 holder,
        uint16 salt,
        uint16 life,
        uint8 delay
    ) private view returns (IPrescriptionToken.Issue memory) {
        return
            IPrescriptionToken.Issue({
                tokenId: id % IDS,
                // Sometimes nobody, nothing, now, and a year that does not fit.
                holder: holder % 16 == 15 ? address(0) : actor(holder),
                commitment: salt % 16 == 15 ? bytes32(0) : keccak256(abi.encode(salt)),
                expires: life % 16 == 15 ? 2 ** 32 : uint64(block.timestamp) + life,
                deadline: uint64(block.timestamp) - (delay % 8 == 7 ? 1 : 0)
            });
    }

    /// @dev Mostly one after which something can follow; after the end, any.
    function _state(uint256 id, uint8 any) private view returns (uint8) {
        return _ended(id) || any % 6 == 5 ? (any / 6) % 5 : any % 2;
    }

    /// @dev Mostly as many notaries as are needed; else anybody, too few, or the same one again.
    function _signers(uint32 any) private view returns (uint256[] memory who) {
        bool random = any % 4 == 0;
        uint256 count = random ? (any >> 2) % 5 : threshold + ((any >> 2) % 2);
        if (!random && count > notaries) count = notaries;
        who = new uint256[](count);
        uint256 next = any >> 8;
        for (uint256 i = 0; i < count; ++i) {
            while (!random && !has[NOTARY][actor(next)]) ++next;
            who[i] = random ? (any >> (4 * i + 5)) % ACTORS : next % ACTORS;
            ++next;
        }
    }

    /// @dev Half of the time the one who may.
    function _officer(uint8 any, uint256 which) private pure returns (address) {
        return actor(any % 2 == 0 ? which : any / 2);
    }

    function _batch(
        IPrescriptionToken.Issue memory issue,
        bytes memory signature,
        uint256 count
    ) private pure returns (IPrescriptionToken.Issue[] memory issues, bytes[] memory signatures) {
        (issues, signatures) = (new IPrescriptionToken.Issue[](count), new bytes[](count));
        for (uint256 i = 0; i < count; ++i) (issues[i], signatures[i]) = (issue, signature);
    }
}
