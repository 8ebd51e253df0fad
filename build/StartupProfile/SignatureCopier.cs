using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Gannet.StartupProfile;

/// <summary>
/// Copies signatures from one module into another: as they are (ECMA-335, II.23.2), but for the types that they name, which have another
/// number in each module.
/// </summary>
/// <param name="nameType">Gives what names a type of the one module in the other.</param>
internal sealed class SignatureCopier(Func<EntityHandle, EntityHandle> nameType)
{
    public void CopyMethod(ref BlobReader from, BlobBuilder to)
    {
        SignatureHeader header = from.ReadSignatureHeader();
        to.WriteByte(header.RawValue);
        if (header.IsGeneric)
        {
            CopyNumber(ref from, to);
        }

        // The parameters, and before them what is returned.
        for (int types = CopyNumber(ref from, to) + 1; types > 0; types--)
        {
            CopyType(ref from, to);
        }
    }

    private void CopyType(ref BlobReader from, BlobBuilder to)
    {
        byte kind = from.ReadByte();
        to.WriteByte(kind);
        switch ((SignatureTypeCode)kind)
        {
            case SignatureTypeCode.Pointer or SignatureTypeCode.ByReference or SignatureTypeCode.SZArray or SignatureTypeCode.Pinned:
                CopyType(ref from, to);
                break;
            case (SignatureTypeCode)SignatureTypeKind.Class or (SignatureTypeCode)SignatureTypeKind.ValueType:
                CopyName(ref from, to);
                break;
            case SignatureTypeCode.GenericTypeParameter or SignatureTypeCode.GenericMethodParameter:
                CopyNumber(ref from, to);
                break;
            case SignatureTypeCode.GenericTypeInstance:
                to.WriteByte(from.ReadByte());
                CopyName(ref from, to);
                for (int arguments = CopyNumber(ref from, to); arguments > 0; arguments--)
                {
                    CopyType(ref from, to);
                }

                break;
            case SignatureTypeCode.RequiredModifier or SignatureTypeCode.OptionalModifier:
                CopyName(ref from, to);
                CopyType(ref from, to);
                break;
            case SignatureTypeCode.FunctionPointer:
                CopyMethod(ref from, to);
                break;
            case SignatureTypeCode.Array:
                throw new NotSupportedException("An array of several dimensions in a signature.");
        }
    }

    private void CopyName(ref BlobReader from, BlobBuilder to) => to.WriteCompressedInteger(CodedIndex.TypeDefOrRefOrSpec(nameType(from.ReadTypeHandle())));

    private static int CopyNumber(ref BlobReader from, BlobBuilder to)
    {
        int number = from.ReadCompressedInteger();
        to.WriteCompressedInteger(number);
        return number;
    }
}
